import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lineageQuery } from "@/api/lineage";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { placeOf } from "@/design/places-of-ids";
import { ShortId } from "@/design/ShortId";
import { countInWords } from "@/design/words";
import { LineageGraph } from "./LineageGraph";
import "./lineage.css";

export function LineagePage() {
  const { id } = useParams({ from: "/shell/lineage/$id" });
  const lineage = useQuery(lineageQuery(id));
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
          {lineage.data && countInWords(lineage.data.nodes.length, "thing")}: what it was made of is on the
          left, what was made of it on the right. <ShortId id={id} />
        </>
      }
      actions={
        place !== null && (
          <Link className="button" to={place}>
            Open
          </Link>
        )
      }
    >
      {lineage.isError && <Problem error={lineage.error} />}
      {lineage.data !== undefined && <LineageGraph lineage={lineage.data} focusId={id} />}
    </Page>
  );
}
