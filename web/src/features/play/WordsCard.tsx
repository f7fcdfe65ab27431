import { ImagePlus, Play } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/design/Button";
import { Suggestions } from "@/design/Suggestions";

type Props = {
  readonly isDisabled: boolean;
  /** What the network that would answer was taught to draw. */
  readonly sentences: readonly string[];
  readonly onWords: (prompt: string) => void;
  readonly onPicture: (file: File, prompt: string) => void;
  readonly onFootage: (prompt: string) => void;
};

/** The two other ways in: a sentence, or a first frame. */
export function WordsCard({ isDisabled, sentences, onWords, onPicture, onFootage }: Props) {
  const [prompt, setPrompt] = useState("");
  const picker = useRef<HTMLInputElement>(null);
  return (
    <section className="words-card panel" aria-labelledby="words-title">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onWords(prompt);
        }}
      >
        <h2 id="words-title">Or say what it should be</h2>
        <div className="row">
          <input
            className="input"
            aria-label="What the world should be"
            placeholder={sentences[0]}
            maxLength={4000}
            required
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
          />
          <Button kind="primary" type="submit" disabled={isDisabled} icon={<Play size={14} />}>
            Imagine
          </Button>
        </div>
        <Suggestions sentences={sentences} onChoose={setPrompt} />
      </form>
      <div className="first-frame">
        <ImagePlus size={18} strokeWidth={1.6} />
        <span className="grow">
          Or give it a first frame: drop or paste a picture,{" "}
          <button type="button" className="link" onClick={() => picker.current?.click()}>
            choose a file
          </button>{" "}
          or{" "}
          <button type="button" className="link" onClick={() => onFootage(prompt)}>
            a frame of your footage
          </button>
          .
        </span>
        <input
          ref={picker}
          hidden
          type="file"
          accept="image/*"
          data-testid="first-frame"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file !== undefined) onPicture(file, prompt);
            target.value = "";
          }}
        />
      </div>
    </section>
  );
}
