import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { logInByLink, logInByPassword } from "@/api/trust";
import { Button } from "@/design/Button";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";
import { useTitle } from "@/design/use-title";
import { GaitArt } from "./GaitArt";
import "./login.css";

export function LoginPage() {
  const { token, to = "/catalogue" } = useSearch({ from: "/login" });
  useTitle("Log in");
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(token !== undefined);
  const usedToken = useRef<string | null>(null);

  useEffect(() => {
    // A link works once, so it must not be sent twice when React mounts the page again.
    if (token === undefined || usedToken.current === token) return;
    usedToken.current = token;
    logInByLink(token).then(
      () => router.history.replace("/catalogue"),
      (error: unknown) => {
        setProblem(error);
        setBusy(false);
      },
    );
  }, [token, router]);

  const enter = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await logInByPassword(email, password);
      router.history.replace(isOwnAddress(to) ? to : "/catalogue");
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <section className="login-art" aria-hidden="true">
        <GaitArt />
      </section>
      <section className="login-form">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void enter();
          }}
        >
          <h1>Muybridge</h1>
          <p className="quiet">Footage, labels, models and where each came from, on your own machine.</p>
          {problem !== null && <Problem error={problem} />}
          <Field label="E-mail">
            <input
              className="input"
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </Field>
          <Field label="Password">
            <input
              className="input"
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {isBusy ? "Logging in…" : "Log in"}
          </Button>
          <p className="quiet">
            No password yet? <code>muybridge serve</code> prints a link that logs the owner in; for others an
            owner or manager makes one.
          </p>
        </form>
      </section>
    </main>
  );
}

/** A page of this studio: a mailed link must not lead elsewhere after the login. */
function isOwnAddress(address: string): boolean {
  return new URL(address, location.origin).origin === location.origin;
}
