import { whenInWords } from "./words";

type Props = { readonly at: string };

export function When({ at }: Props) {
  return (
    <time className="num when" dateTime={at} title={new Date(at).toLocaleString()}>
      {whenInWords(new Date(at), new Date())}
    </time>
  );
}
