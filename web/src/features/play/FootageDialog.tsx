import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { assetsQuery, frameUrl } from "@/api/catalog";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";

type Props = {
  readonly open: boolean;
  readonly isBusy: boolean;
  /** Why the last pick was refused. */
  readonly error: Error | null;
  readonly onClose: () => void;
  readonly onPick: (assetId: string, frame: number) => void;
};

/** A frame of one's own footage to begin with. */
export function FootageDialog({ open, isBusy, error, onClose, onPick }: Props) {
  const assets = useInfiniteQuery({ ...assetsQuery(""), enabled: open });
  const ready = assets.data?.filter((asset) => asset.is_ready) ?? [];
  const [assetId, setAssetId] = useState("");
  const [frame, setFrame] = useState(0);
  const asset = ready.find((known) => known.id === assetId);
  const last = Math.max(0, (asset?.num_frames ?? 1) - 1);
  return (
    <Dialog title="Begin with a frame of footage" open={open} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onPick(assetId, Math.min(frame, last));
        }}
      >
        {error !== null && <Problem error={error} />}
        <Field label="Footage" hint="Its rights must allow to generate.">
          <select
            className="input"
            required
            value={assetId}
            onChange={(event) => {
              setAssetId(event.target.value);
              setFrame(0);
            }}
          >
            <option value="">{ready.length === 0 && assets.isSuccess ? "None is ready" : "Choose…"}</option>
            {ready.map((known) => (
              <option key={known.id} value={known.id}>
                {known.name}
              </option>
            ))}
          </select>
        </Field>
        {asset !== undefined && (
          <>
            <img
              className="footage-frame"
              src={frameUrl(asset.id, Math.min(frame, last))}
              alt={`Frame ${frame} of ${asset.name}`}
            />
            <Field label={`Frame ${Math.min(frame, last)} of ${last + 1}`}>
              <input
                type="range"
                min={0}
                max={last}
                value={Math.min(frame, last)}
                onChange={(event) => setFrame(event.target.valueAsNumber)}
              />
            </Field>
          </>
        )}
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={asset === undefined || isBusy}>
            Play from here
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
