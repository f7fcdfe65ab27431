import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sessionsQuery, useEndSession } from "@/api/play";
import { meQuery } from "@/api/trust";
import { Button } from "@/design/Button";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { countInWords } from "@/design/words";
import { nameOf } from "./rooms";

/** Sessions that one left and may come back to; the server ends them by itself after a few minutes. */
export function OpenSessions() {
  const me = useQuery(meQuery);
  const sessions = useInfiniteQuery(sessionsQuery);
  const end = useEndSession();
  const open = sessions.data?.filter(
    (session) => session.ended_at === null && session.owner_id === me.data?.id,
  );
  if (open === undefined || open.length === 0) return null;
  return (
    <section className="open-sessions" aria-label="Sessions that are still open">
      {open.map((session) => (
        <div key={session.id} className="panel row">
          <i className="live-dot" />
          <span className="grow clip-text">
            <b>{nameOf(session)}</b>{" "}
            <span className="quiet">
              {countInWords(session.num_frames, "frame")}, opened <When at={session.created_at} />
            </span>
          </span>
          <Button
            small
            kind="ghost"
            disabled={end.isPending}
            onClick={() => end.mutate(session.id, { onError: sayError })}
          >
            End
          </Button>
          <Link className="button small" to="/play/$sessionId" params={{ sessionId: session.id }}>
            Go on
          </Link>
        </div>
      ))}
    </section>
  );
}
