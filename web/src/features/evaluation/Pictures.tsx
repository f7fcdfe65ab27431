import { plainWords } from "@/design/words";
import { pictureRows } from "./pictures";

type Props = {
  readonly pictures: { readonly [name: string]: string };
  /** Whether the evaluation kept any, though none may have been given. */
  readonly areKept: boolean;
};

const methods: Readonly<Record<string, string>> = {
  true: "truth",
  model: "the model",
  copy: "copying the last frame",
  flow: "optical flow",
};

/** What the model drew beside what was true and the floors: a row a clip, as the evaluation kept it. */
export function Pictures({ pictures, areKept }: Props) {
  const rows = pictureRows(pictures);
  if (rows.length === 0 && !areKept) return null;
  return (
    <section className="panel padded stack">
      <h2>Pictures</h2>
      {rows.length === 0 && (
        <p className="quiet">
          Left out: footage that they show was revoked, is gone, or is not yours to see.
        </p>
      )}
      {rows.map(({ name, at }) => (
        <ul key={name} className="evaluation-pictures" aria-label={`Clip ${name}`}>
          {at.map(({ method, url }) => {
            const words = methods[method] ?? plainWords(method);
            return (
              <li key={method}>
                <figure>
                  <img src={url} alt={`Clip ${name}, ${words}`} loading="lazy" />
                  <figcaption className="quiet">{words}</figcaption>
                </figure>
              </li>
            );
          })}
        </ul>
      ))}
    </section>
  );
}
