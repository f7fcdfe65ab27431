import { Film } from "lucide-react";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";

type Props = {
  readonly query: string;
  readonly mayAdd: boolean;
  readonly onClear: () => void;
  readonly onAddFolder: () => void;
};

/** Why the catalogue shows nothing, and what would change that. */
export function NoFootage({ query, mayAdd, onClear, onAddFolder }: Props) {
  const icon = <Film size={44} strokeWidth={1.2} />;
  if (query !== "")
    return (
      <EmptyState
        icon={icon}
        title="Nothing by that name"
        action={<Button onClick={onClear}>Show everything</Button>}
      >
        No asset has “{query}” in its name.
      </EmptyState>
    );
  if (!mayAdd)
    return (
      <EmptyState icon={icon} title="No footage yet">
        Footage of the projects that you are given appears here.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={icon}
      title="No footage yet"
      action={<Button onClick={onAddFolder}>Add a folder</Button>}
    >
      Drop clips or a folder on this page, or run <code>muybridge demo</code> to see the whole loop on
      simulated footage.
    </EmptyState>
  );
}
