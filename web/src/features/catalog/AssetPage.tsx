import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { assetQuery, rightsQuery } from "@/api/catalog";
import { useMay } from "@/api/trust";
import { Badge } from "@/design/Badge";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Tabs } from "@/design/Tabs";
import { useTitle } from "@/design/use-title";
import { AssetMenu } from "./AssetMenu";
import { AssetPlayer } from "./AssetPlayer";
import "./catalog.css";
import { useCurrentPlayback } from "./current-playback";
import { FactsTab } from "./FactsTab";
import { RightsTab } from "./RightsTab";
import { SeenTab } from "./SeenTab";
import { ShotsTab } from "./ShotsTab";

export function AssetPage() {
  const { assetId } = useParams({ from: "/shell/assets/$assetId" });
  const { tab = "facts", frame = 0 } = useSearch({ from: "/shell/assets/$assetId" });
  const rights = useQuery(rightsQuery(assetId));
  const navigate = useNavigate();
  const mayAudit = useMay()("trust.audit");
  const asset = useQuery(assetQuery(assetId));
  useTitle(asset.data?.name ?? "");
  const seek = (to: number) => useCurrentPlayback.getState().playback?.seek(to);

  if (asset.isError)
    return (
      <div className="page">
        <Problem error={asset.error} />
      </div>
    );
  return (
    <div className="asset-page">
      <div className="asset-view">
        <div className="top">
          <Link to="/catalogue" className="button ghost icon small" aria-label="Back to the catalogue">
            <ArrowLeft size={16} />
          </Link>
          <h1 className="clip-text grow" title={asset.data?.name}>
            {asset.data?.name ?? "…"}
          </h1>
          {rights.data?.is_synthetic === true && <Badge tone="info">synthetic</Badge>}
          {asset.data !== undefined && <AssetMenu asset={asset.data} />}
        </div>
        {asset.data !== undefined ? (
          <AssetPlayer key={assetId} asset={asset.data} start={frame} />
        ) : (
          <div className="stage-space" />
        )}
      </div>
      <aside className="side" aria-label="About this asset">
        {asset.data === undefined ? (
          <div className="tab-body">
            <Skeleton lines={8} />
          </div>
        ) : (
          <Tabs
            label="About this asset"
            value={tab}
            onChange={(next) =>
              void navigate({
                to: "/assets/$assetId",
                params: { assetId },
                search: { tab: next },
                replace: true,
              })
            }
            tabs={[
              { value: "facts", name: "Facts", content: <FactsTab asset={asset.data} /> },
              ...(asset.data.failure === null
                ? [
                    {
                      value: "shots",
                      name: "Shots",
                      content: <ShotsTab asset={asset.data} onSeek={seek} />,
                    },
                  ]
                : []),
              { value: "rights", name: "Rights", content: <RightsTab assetId={assetId} /> },
              ...(mayAudit
                ? [
                    {
                      value: "seen",
                      name: "Who saw this",
                      content: <SeenTab assetId={assetId} onSeek={seek} />,
                    },
                  ]
                : []),
            ]}
          />
        )}
      </aside>
    </div>
  );
}
