import { type CheckpointNamed, checkpointInWords } from "./words";

/** The checkpoints of a select, the newest first. */
export function CheckpointOptions({ checkpoints }: { readonly checkpoints: readonly CheckpointNamed[] }) {
  return checkpoints.map((checkpoint) => (
    <option key={checkpoint.id} value={checkpoint.id}>
      {checkpointInWords(checkpoint)}
    </option>
  ));
}
