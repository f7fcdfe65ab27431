import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Snowflake } from "lucide-react";
import { datasetQuery, useFreezeVersion } from "@/api/datasets";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { say } from "@/design/toasts";
import { When } from "@/design/When";
import { countInWords } from "@/design/words";
import "./datasets.css";
import { purposeInWords } from "./query-words";
import { SplitBar } from "./SplitBar";

export function DatasetPage() {
  const { datasetId } = useParams({ from: "/shell/datasets/$datasetId" });
  const dataset = useQuery(datasetQuery(datasetId));
  const freeze = useFreezeVersion(datasetId);
  const navigate = useNavigate();
  const doFreeze = () =>
    freeze.mutate("train", {
      onSuccess: (version) => {
        say("ok", `Version ${version.number} is frozen`);
        void navigate({ to: "/dataset-versions/$versionId", params: { versionId: version.id } });
      },
    });
  const mayFreeze = useMay()("datasets.freeze");
  useKeys("Dataset", [
    { keys: "f", label: "Freeze a version for training", isEnabled: mayFreeze, run: doFreeze },
  ]);
  return (
    <Page
      crumb={
        <Link className="crumb" to="/datasets">
          Datasets
        </Link>
      }
      title={dataset.data?.name ?? ""}
      actions={
        mayFreeze && (
          <Button
            kind="primary"
            hotkey="F"
            icon={<Snowflake size={15} />}
            disabled={freeze.isPending}
            onClick={doFreeze}
          >
            Freeze for training
          </Button>
        )
      }
    >
      {dataset.isError && <Problem error={dataset.error} />}
      {freeze.isError && (
        <div style={{ paddingBottom: 16 }}>
          <Problem error={freeze.error} />
        </div>
      )}
      {dataset.data?.versions.length === 0 && (
        <EmptyState icon={<Snowflake size={42} strokeWidth={1.2} />} title="No version yet">
          Freezing writes down exactly which clips and labels are in, how they are split, and that each may be
          used for training. Footage whose rights do not allow it is named and refused.
        </EmptyState>
      )}
      <ul className="stack">
        {dataset.data?.versions.map((version) => (
          <li key={version.id}>
            <Link
              className="panel version-card"
              to="/dataset-versions/$versionId"
              params={{ versionId: version.id }}
            >
              <b className="number">v{version.number}</b>
              <div className="grow stack" style={{ gap: 7 }}>
                <span className="row wide num">
                  <span>{countInWords(version.num_assets, "asset")}</span>
                  <span>{countInWords(version.num_clips, "clip")}</span>
                  <span>{countInWords(version.num_annotations, "annotation")}</span>
                  <span className="quiet">for {purposeInWords(version.purpose)}</span>
                </span>
                <SplitBar splits={version.splits} />
              </div>
              <span className="quiet">
                <When at={version.created_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
