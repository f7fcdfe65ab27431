import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { lineageQuery } from "@/api/lineage";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { placeOf } from "@/design/places-of-ids";
import { ShortId } from "@/design/ShortId";
import { countInWords } from "@/design/words";
import { LineageGraph } from "./LineageGraph";
import "./lineage.css";
import { withoutFiles } from "./without-files";

export function LineagePage() {
  const { id } = useParams({ from: "/shell/lineage/$id" });
  const { files } = useSearch({ from: "/shell/lineage/$id" });
  const navigate = useNavigate();
  const lineage = useQuery(lineageQuery(id));
  const shown = useMemo(
    () => (lineage.data === undefined || files === "shown" ? lineage.data : withoutFiles(lineage.data, id)),
    [lineage.data, files, id],
  );
  const toggleFiles = () =>
    void navigate({
      to: "/lineage/$id",
      params: { id },
      search: { files: files === "shown" ? undefined : "shown" },
      replace: true,
    });
  useKeys("Lineage", [{ keys: "f", label: "Show or hide files", run: toggleFiles }]);
  const focus = lineage.data?.nodes.find((node) => node.id === id);
  const place = placeOf(id);
  return (
    <Page
      flush
      crumb={
        <Link className="crumb" to="/lineage">
          Lineage
        </Link>
      }
      title={focus?.title ?? "Lineage"}
      about={
        <>
          {shown && countInWords(shown.nodes.length, "thing")}: what it was made of is on the left, what was
          made of it on the right.{" "}
          {shown?.truncated === true && "There is more: open a thing at the rim to go on. "}
          <ShortId id={id} />
        </>
      }
      actions={
        <>
          <Button hotkey="F" aria-pressed={files === "shown"} onClick={toggleFiles}>
            Files
          </Button>
          {place !== null && (
            <Link className="button" to={place}>
              Open
            </Link>
          )}
        </>
      }
    >
      {lineage.isError && <Problem error={lineage.error} />}
      {shown !== undefined && <LineageGraph lineage={shown} focusId={id} />}
    </Page>
  );
}
