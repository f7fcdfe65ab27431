import { MessageCircle, X } from "lucide-react";
import { type RefObject, useState } from "react";
import { Button } from "@/design/Button";
import { Kbd } from "@/design/Kbd";
import { dismissTrouble, say, useGame } from "./game";
import { ThingsToSay } from "./ThingsToSay";

type Props = { readonly input: RefObject<HTMLInputElement | null> };

/** Speak into the running world. */
export function SpeakLine({ input }: Props) {
  const [text, setText] = useState("");
  const { opened, unheard, trouble, line } = useGame();
  const speak = (words: string) => {
    say(words);
    setText("");
  };
  return (
    <div className="speak">
      <form
        className="speak-line"
        onSubmit={(event) => {
          event.preventDefault();
          speak(text);
          input.current?.blur();
        }}
      >
        <MessageCircle size={16} strokeWidth={1.8} />
        <input
          ref={input}
          aria-label="Say something to the world"
          placeholder="Say something to the world…"
          autoComplete="off"
          maxLength={2000}
          disabled={line.kind !== "open"}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        {text === "" ? (
          <Kbd>T</Kbd>
        ) : (
          <Button small type="submit">
            Say
          </Button>
        )}
      </form>
      {trouble !== null ? (
        <p className="speak-under trouble" role="alert">
          <span className="grow">
            {trouble.message} {trouble.remedy}
          </span>
          <button type="button" className="plain-button" aria-label="Dismiss" onClick={dismissTrouble}>
            <X size={13} />
          </button>
        </p>
      ) : unheard.length > 0 ? (
        <p className="speak-under" role="status">
          “{unheard.join(". ")}” <span className="quiet">is heard with the next frame</span>
        </p>
      ) : (
        opened !== null && <ThingsToSay opened={opened} onSay={speak} />
      )}
    </div>
  );
}
