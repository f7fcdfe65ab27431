import { RotateCcw } from "lucide-react";
import { IconButton } from "@/design/IconButton";
import { type TreeRow, treeRows, treeWidth } from "./branch-tree";
import { restart, switchTo, useGame } from "./game";

const ROW = 28;

/** Every line of frames that this session holds, drawn where it left another. */
export function Branches() {
  const tree = useGame((game) => game.tree);
  const rows = treeRows(tree);
  const width = treeWidth(tree);
  const share = (frame: number) => (100 * frame) / width;
  return (
    <section className="panel branches" aria-labelledby="branches-title">
      <header>
        <h2 id="branches-title" className="small">
          Branches
        </h2>
        <IconButton
          small
          label="Begin again, as a new branch"
          hotkey="R"
          icon={<RotateCcw size={14} />}
          onClick={() => restart()}
        />
      </header>
      <ol>
        {rows.map((row, at) => (
          <li key={row.branch.id} style={{ height: ROW }}>
            {row.parentRow !== null && (
              <i
                className="fork"
                style={{
                  left: `calc(var(--tree-left) + (100% - var(--tree-left) - var(--tree-right)) * ${share(row.start) / 100})`,
                  height: ROW * (at - row.parentRow),
                }}
              />
            )}
            <button
              type="button"
              aria-current={row.branch.id === tree.current}
              onClick={() => switchTo(row.branch.id)}
            >
              <span className="num name">
                <span className="visually-hidden">Branch </span>
                {row.branch.id}
              </span>
              <span className="line">
                <i
                  style={{
                    left: `${share(row.start)}%`,
                    width: `${share(row.branch.numFrames - row.start)}%`,
                  }}
                />
              </span>
              <span className="num count">
                {row.branch.numFrames}
                <span className="visually-hidden">{restOfName(row)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What follows the number of frames, for those who hear the name. */
function restOfName({ branch }: TreeRow): string {
  const unit = branch.numFrames === 1 ? "frame" : "frames";
  return branch.fromBranch === null
    ? ` ${unit}, seed ${branch.seed}`
    : ` ${unit}, left ${branch.fromBranch} at frame ${branch.fromFrame}`;
}
