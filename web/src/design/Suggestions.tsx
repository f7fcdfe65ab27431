type Props = {
  readonly sentences: readonly string[];
  readonly onChoose: (sentence: string) => void;
};

/** Sentences that one may take instead of thinking of one. */
export function Suggestions({ sentences, onChoose }: Props) {
  return (
    <div className="row wrap">
      {sentences.map((sentence) => (
        <button type="button" key={sentence} className="suggestion" onClick={() => onChoose(sentence)}>
          {sentence}
        </button>
      ))}
    </div>
  );
}
