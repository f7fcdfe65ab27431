import { plainWords } from "@/design/words";

type Props = { readonly pictures: { readonly [name: string]: string } };

/** What the model drew beside what was true, as the evaluation kept it. */
export function Pictures({ pictures }: Props) {
  const shown = Object.entries(pictures);
  if (shown.length === 0) return null;
  return (
    <section className="panel padded stack">
      <h2>Pictures</h2>
      <ul className="evaluation-pictures">
        {shown.map(([name, url]) => (
          <li key={name}>
            <figure>
              <img src={url} alt={plainWords(name)} loading="lazy" />
              <figcaption className="quiet">{plainWords(name)}</figcaption>
            </figure>
          </li>
        ))}
      </ul>
    </section>
  );
}
