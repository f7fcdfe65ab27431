import { useQuery } from "@tanstack/react-query";
import { assetQuery } from "@/api/catalog";

/** The name of the footage that a job works on. */
export function AssetName({ id }: { readonly id: string }) {
  const asset = useQuery({ ...assetQuery(id), staleTime: 60_000 });
  return <span className="quiet clip-text asset-name">{asset.data?.name}</span>;
}
