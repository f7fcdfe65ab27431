import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { comparisonsQuery } from "@/api/evaluation";
import { countInWords } from "@/design/words";

/** Comparisons are tasks too: who answers tasks finds them here, whether or not they may see evaluations. */
export function ComparisonsCall() {
  const open = useInfiniteQuery(comparisonsQuery("open"));
  const count = open.data?.length ?? 0;
  if (count === 0) return null;
  return (
    <section className="panel padded row wide comparisons-call">
      <Scale size={20} strokeWidth={1.5} />
      <p className="grow">
        <b>
          {open.hasNextPage && "More than "}
          {countInWords(count, "comparison")}
        </b>{" "}
        <span className="quiet">to judge: two clips, which is better?</span>
      </p>
      <Link className="button" to="/comparisons">
        Judge
      </Link>
    </section>
  );
}
