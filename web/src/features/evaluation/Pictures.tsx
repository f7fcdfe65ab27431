import { plainWords } from "@/design/words";
import { pictureRows } from "./pictures";

type Props = { readonly pictures: { readonly [name: string]: string } };

const methods: Readonly<Record<string, string>> = {
  true: "truth",
  model: "the model",
  copy: "copying the last frame",
  flow: "optical flow",
};

/** What the model drew beside what was true and the floors: a row a clip, as the evaluation kept it. */
export function Pictures({ pictures }: Props) {
  const rows = pictureRows(pictures);
  if (rows.length === 0) return null;
  return (
    <section className="panel padded stack">
      <h2>Pictures</h2>
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
