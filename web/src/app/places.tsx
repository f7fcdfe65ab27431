import {
  Clapperboard,
  Database,
  Film,
  GitFork,
  type LucideIcon,
  Scale,
  ScrollText,
  Sparkles,
  SquareDashedMousePointer,
  Users,
} from "lucide-react";

/** Where the rail leads. `key` completes the chord that begins with G. */
export const places = [
  { group: "Footage", to: "/catalogue", name: "Catalogue", key: "c", icon: Film },
  { group: "Footage", to: "/label", name: "Label", key: "l", icon: SquareDashedMousePointer },
  { group: "Footage", to: "/datasets", name: "Datasets", key: "d", icon: Database },
  { group: "Model", to: "/runs", name: "Runs", key: "r", icon: Clapperboard },
  { group: "Model", to: "/generations", name: "Generations", key: "n", icon: Sparkles },
  { group: "Model", to: "/evaluate", name: "Evaluate", key: "e", icon: Scale },
  { group: "Record", to: "/lineage", name: "Lineage", key: "i", icon: GitFork },
  { group: "Record", to: "/events", name: "Events", key: "v", icon: ScrollText },
  { group: "Record", to: "/people", name: "People & keys", key: "p", icon: Users },
] as const satisfies readonly { group: string; to: string; name: string; key: string; icon: LucideIcon }[];

export const groups = ["Footage", "Model", "Record"] as const;
