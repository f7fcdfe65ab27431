import { type InfiniteData, infiniteQueryOptions } from "@tanstack/react-query";

/** One page of any v1 list. */
export type Page<Row> = { items: Row[]; next_cursor?: string | null };

/** Options of a keyset-paged list: pages are appended, `select` flattens them. */
export function pagedOptions<Row>(
  queryKey: readonly unknown[],
  fetchPage: (cursor: string | undefined) => Promise<Page<Row>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }: { pageParam: string | undefined }) => fetchPage(pageParam),
    initialPageParam: firstCursor(),
    getNextPageParam: (page: Page<Row>) => page.next_cursor ?? undefined,
    select: (loaded: InfiniteData<Page<Row>, string | undefined>) =>
      loaded.pages.flatMap((page) => page.items),
  });
}

function firstCursor(): string | undefined {
  return undefined;
}
