import { TriangleAlert } from "lucide-react";

type Props = { readonly error: unknown };

/** What happened and what would help, as the server said it. */
export function Problem({ error }: Props) {
  const remedy = typeof error === "object" && error !== null && "remedy" in error ? error.remedy : null;
  return (
    <div className="problem" role="alert">
      <TriangleAlert size={16} />
      <div>
        <div>{error instanceof Error ? error.message : "Something went wrong."}</div>
        {typeof remedy === "string" && remedy !== "" && <div className="remedy">{remedy}</div>}
      </div>
    </div>
  );
}
