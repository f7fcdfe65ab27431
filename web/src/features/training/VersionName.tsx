import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { datasetQuery, versionQuery } from "@/api/datasets";
import { shortId } from "@/design/words";

/** The frozen version that a run learned from, by its dataset's name. */
export function VersionName({ id }: { readonly id: string }) {
  const version = useQuery({ ...versionQuery(id), staleTime: 300_000 });
  const datasetId = version.data?.dataset_id;
  const dataset = useQuery({
    ...datasetQuery(datasetId ?? ""),
    enabled: datasetId !== undefined,
    staleTime: 60_000,
  });
  return (
    <Link className="link" to="/dataset-versions/$versionId" params={{ versionId: id }}>
      {dataset.data && version.data ? `${dataset.data.name} v${version.data.number}` : shortId(id)}
    </Link>
  );
}
