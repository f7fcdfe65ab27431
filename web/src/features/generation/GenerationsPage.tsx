import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Plus, Sparkles } from "lucide-react";
import { useState } from "react";
import { generationsQuery } from "@/api/generation";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { CompareChosen } from "./CompareChosen";
import { GenerateDialog } from "./GenerateDialog";
import { GenerationCard } from "./GenerationCard";
import "./generation.css";

export function GenerationsPage() {
  const { checkpoint, asset } = useSearch({ from: "/shell/generations" });
  const generations = useInfiniteQuery(generationsQuery);
  const [isOpen, setOpen] = useState(checkpoint !== undefined || asset !== undefined);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const may = useMay();
  const mayMake = may("generation.create");
  const choose = (id: string) =>
    setChosen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));
  useKeys("Generations", [{ keys: "n", label: "Generate", isEnabled: mayMake, run: () => setOpen(true) }]);
  const make = mayMake && (
    <Button kind="primary" hotkey="N" icon={<Plus size={15} />} onClick={() => setOpen(true)}>
      Generate
    </Button>
  );
  return (
    <Page
      title="Generations"
      about="Clips that a model made. Each is signed and names its model, its seed and what it came from."
      actions={
        <>
          {chosen.size > 0 && <CompareChosen chosen={chosen} onAsked={() => setChosen(new Set())} />}
          {make}
        </>
      }
    >
      {generations.isError && <Problem error={generations.error} />}
      {generations.isPending && <Skeleton height={160} lines={2} />}
      {generations.data?.length === 0 && (
        <EmptyState
          icon={<Sparkles size={42} strokeWidth={1.2} />}
          title="Nothing generated yet"
          action={make}
        >
          Write what should happen, or choose a clip of your footage to go on from.
        </EmptyState>
      )}
      <ul className="gallery">
        {generations.data?.map((generation) => (
          <li key={generation.id}>
            <GenerationCard
              generation={generation}
              isChosen={chosen.has(generation.id)}
              onChoose={may("evaluation.run") ? () => choose(generation.id) : undefined}
            />
          </li>
        ))}
      </ul>
      <More list={generations}>Older generations</More>
      <GenerateDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        checkpointId={checkpoint}
        assetId={asset}
      />
    </Page>
  );
}
