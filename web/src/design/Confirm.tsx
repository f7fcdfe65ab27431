import { Button } from "./Button";
import { Dialog } from "./Dialog";

type Props = {
  readonly title: string;
  /** What happens then, and whether it can be undone. */
  readonly children: string;
  readonly action: string;
  readonly open: boolean;
  readonly isBusy?: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

/** Asks once more before what cannot be taken back. */
export function Confirm({ title, children, action, open, isBusy = false, onClose, onConfirm }: Props) {
  return (
    <Dialog title={title} description={children} open={open} onClose={onClose}>
      <div className="foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" disabled={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
