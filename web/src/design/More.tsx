import { Button } from "./Button";

type Props = {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly children: string;
};

/** Under a list of which only the first pages are here. */
export function More({ list, children }: Props) {
  if (!list.hasNextPage) return null;
  return (
    <div className="more">
      <Button disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        {list.isFetchingNextPage ? "Loading…" : children}
      </Button>
    </div>
  );
}
