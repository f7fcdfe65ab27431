import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { GitFork } from "lucide-react";
import { datasetQuery, versionQuery } from "@/api/datasets";
import { useMay } from "@/api/trust";
import { Badge } from "@/design/Badge";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { When } from "@/design/When";
import "./datasets.css";
import { DifferencePanel } from "./DifferencePanel";
import { ExportPanel } from "./ExportPanel";
import { purposeInWords } from "./query-words";
import { RightsProof } from "./RightsProof";
import { SplitBar } from "./SplitBar";

const rules: Readonly<Record<string, string>> = {
  by_asset: "Each asset is wholly in one split, so that no split has seen the footage of another.",
  by_shot_with_gap:
    "There are fewer than five assets, so shots are split, with a gap between: neighbouring frames look alike, and scores on such splits flatter.",
};

export function VersionPage() {
  const { versionId } = useParams({ from: "/shell/dataset-versions/$versionId" });
  const { against } = useSearch({ from: "/shell/dataset-versions/$versionId" });
  const navigate = useNavigate();
  const mayExport = useMay()("datasets.export");
  const version = useQuery(versionQuery(versionId));
  const dataset = useQuery({
    ...datasetQuery(version.data?.dataset_id ?? ""),
    enabled: version.data !== undefined,
  });
  if (version.isError)
    return (
      <Page title="Version">
        <Problem error={version.error} />
      </Page>
    );
  const frozen = version.data;
  const others = dataset.data?.versions.filter((other) => other.id !== versionId) ?? [];
  return (
    <Page
      crumb={
        frozen && (
          <Link className="crumb" to="/datasets/$datasetId" params={{ datasetId: frozen.dataset_id }}>
            {dataset.data?.name ?? "Dataset"}
          </Link>
        )
      }
      title={frozen ? `Version ${frozen.number}` : ""}
      about={
        frozen && (
          <>
            Frozen <When at={frozen.created_at} /> for {purposeInWords(frozen.purpose)}.{" "}
            <code className="mono">{frozen.digest.slice(0, 16)}…</code>
          </>
        )
      }
      actions={
        <Link className="button" to="/lineage/$id" params={{ id: versionId }}>
          <GitFork size={15} /> Lineage
        </Link>
      }
    >
      {frozen && (
        <div className="version-grid">
          <div className="stack column">
            <section className="panel padded stack">
              <div className="row spread">
                <h2>What is in it</h2>
                <Badge>{frozen.split_rule.replace(/_/g, " ")}</Badge>
              </div>
              <div className="figures">
                <span>
                  <b>{frozen.num_assets}</b> assets
                </span>
                <span>
                  <b>{frozen.num_clips}</b> clips
                </span>
                <span>
                  <b>{frozen.num_annotations}</b> annotations
                </span>
              </div>
              <SplitBar splits={frozen.splits} />
              <p className="quiet">{rules[frozen.split_rule]}</p>
              {frozen.why_empty !== "" && <p>{frozen.why_empty}</p>}
            </section>
            <section className="panel padded stack">
              <div className="row spread">
                <h2>Difference</h2>
                <select
                  className="input"
                  style={{ width: 170 }}
                  aria-label="Compare with version"
                  value={against ?? ""}
                  onChange={(event) =>
                    void navigate({
                      to: "/dataset-versions/$versionId",
                      params: { versionId },
                      search: { against: event.target.value || undefined },
                      replace: true,
                    })
                  }
                >
                  <option value="">Compare with…</option>
                  {others.map((other) => (
                    <option key={other.id} value={other.id}>
                      Version {other.number}
                    </option>
                  ))}
                </select>
              </div>
              {against !== undefined ? (
                <DifferencePanel versionId={versionId} otherId={against} />
              ) : (
                <p className="quiet">
                  {others.length === 0
                    ? "This is the only version."
                    : "Choose a version to see what came in and what went."}
                </p>
              )}
            </section>
            {mayExport && <ExportPanel versionId={versionId} />}
          </div>
          <RightsProof proof={frozen.rights_proof} />
        </div>
      )}
    </Page>
  );
}
