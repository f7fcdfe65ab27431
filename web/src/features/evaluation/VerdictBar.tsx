import type { Verdict } from "@/api/types";
import { Button } from "@/design/Button";

export function VerdictBar({ onJudge }: { readonly onJudge: (verdict: Verdict) => void }) {
  return (
    <div className="verdict-bar">
      <Button kind="primary" hotkey="1" onClick={() => onJudge("left")}>
        Left
      </Button>
      <Button hotkey="0" onClick={() => onJudge("tie")}>
        Equal
      </Button>
      <Button hotkey="X" onClick={() => onJudge("both_bad")}>
        Both bad
      </Button>
      <Button kind="primary" hotkey="2" onClick={() => onJudge("right")}>
        Right
      </Button>
    </div>
  );
}
