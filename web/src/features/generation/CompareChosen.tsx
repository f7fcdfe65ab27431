import { useNavigate } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { useCompare } from "@/api/evaluation";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { say, sayError } from "@/design/toasts";
import { countInWords } from "@/design/words";

type Props = { readonly chosen: ReadonlySet<string>; readonly onAsked: () => void };

/** Puts the chosen clips before judges, two by two; a choice that is refused is kept. */
export function CompareChosen({ chosen, onAsked }: Props) {
  const ask = useCompare();
  const navigate = useNavigate();
  const isEnabled = chosen.size > 1 && !ask.isPending;
  const compare = () =>
    ask.mutate(
      { generation_ids: [...chosen] },
      {
        onSuccess: ({ num_comparisons }) => {
          say("ok", `${countInWords(num_comparisons, "pair")} to judge`);
          onAsked();
          void navigate({ to: "/comparisons" });
        },
        onError: sayError,
      },
    );
  useKeys("Generations", [{ keys: "c", label: "Compare the chosen clips", isEnabled, run: compare }]);
  return (
    <Button hotkey="C" icon={<Scale size={15} />} disabled={!isEnabled} onClick={compare}>
      {chosen.size > 1 ? `Compare ${chosen.size}` : "Choose another to compare"}
    </Button>
  );
}
