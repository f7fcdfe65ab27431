import { Button } from "@/design/Button";
import { Problem } from "@/design/Problem";

type Props = { readonly error: unknown };

/** In the place of a page that could not be shown. */
export function Broken({ error }: Props) {
  return (
    <div className="page" style={{ paddingTop: 32, gap: 16 }}>
      <Problem error={error} />
      <div>
        <Button onClick={() => location.reload()}>Try again</Button>
      </div>
    </div>
  );
}
