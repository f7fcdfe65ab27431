import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useEvaluate } from "@/api/evaluation";
import { checkpointsQuery, worldModelsIn } from "@/api/training";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { useKeys } from "@/design/keys/use-keys";
import { EvaluationForm } from "./EvaluationForm";

export function NewEvaluation() {
  const [isOpen, setOpen] = useState(false);
  const checkpoints = useInfiniteQuery({ ...checkpointsQuery, enabled: isOpen });
  const evaluate = useEvaluate();
  const navigate = useNavigate();
  useKeys("Evaluate", [{ keys: "n", label: "Evaluate a checkpoint", run: () => setOpen(true) }]);
  return (
    <>
      <Button icon={<Plus size={15} />} hotkey="N" onClick={() => setOpen(true)}>
        Evaluate a checkpoint
      </Button>
      <Dialog title="Evaluate a checkpoint" open={isOpen} onClose={() => setOpen(false)}>
        <EvaluationForm
          checkpoints={worldModelsIn(checkpoints.data ?? [])}
          error={evaluate.error}
          isBusy={evaluate.isPending}
          onCancel={() => setOpen(false)}
          onSubmit={(body) =>
            evaluate.mutate(body, {
              onSuccess: ({ id }) =>
                void navigate({ to: "/evaluations/$evaluationId", params: { evaluationId: id } }),
            })
          }
        />
      </Dialog>
    </>
  );
}
