import {
  Clapperboard,
  Database,
  Film,
  Gamepad2,
  GitFork,
  type LucideIcon,
  Scale,
  ScrollText,
  Sparkles,
  SquareDashedMousePointer,
  Users,
} from "lucide-react";
import type { Permission } from "@/api/trust";

type Place = {
  readonly group: string;
  readonly to: string;
  readonly name: string;
  /** Completes the chord that begins with G. */
  readonly key: string;
  readonly icon: LucideIcon;
  readonly needs: Permission;
};

/** Where the rail leads, and what one must be allowed to find it open. */
export const places = [
  { group: "Footage", to: "/catalogue", name: "Catalogue", key: "c", icon: Film, needs: "catalog.read" },
  {
    group: "Footage",
    to: "/label",
    name: "Label",
    key: "l",
    icon: SquareDashedMousePointer,
    needs: "labeling.read",
  },
  { group: "Footage", to: "/datasets", name: "Datasets", key: "d", icon: Database, needs: "datasets.read" },
  { group: "Model", to: "/runs", name: "Runs", key: "r", icon: Clapperboard, needs: "training.read" },
  {
    group: "Model",
    to: "/generations",
    name: "Generations",
    key: "n",
    icon: Sparkles,
    needs: "generation.read",
  },
  { group: "Model", to: "/play", name: "Play", key: "y", icon: Gamepad2, needs: "generation.create" },
  { group: "Model", to: "/evaluate", name: "Evaluate", key: "e", icon: Scale, needs: "evaluation.read" },
  { group: "Record", to: "/lineage", name: "Lineage", key: "i", icon: GitFork, needs: "artifacts.read" },
  { group: "Record", to: "/events", name: "Events", key: "v", icon: ScrollText, needs: "trust.read" },
  { group: "Record", to: "/people", name: "People & keys", key: "p", icon: Users, needs: "trust.read" },
] as const satisfies readonly Place[];

export const groups = ["Footage", "Model", "Record"] as const;
