import { Check, RotateCw, X } from "lucide-react";
import { Button } from "@/design/Button";
import { IconButton } from "@/design/IconButton";
import { Progress } from "@/design/Progress";
import { bytesInWords } from "@/design/words";
import { clearFinishedUploads, retryUpload, stopUpload, type UploadItem, useUploads } from "./uploads";

export function UploadTray() {
  const items = useUploads((state) => state.items);
  if (items.length === 0) return null;
  const numSent = items.filter((item) => item.state === "sent").length;
  const isBusy = items.some((item) => item.state === "sending" || item.state === "waiting");
  return (
    <section className="upload-tray" aria-label="Uploads">
      <header>
        <b>
          {isBusy
            ? `Uploading ${numSent + 1} of ${items.length} · ${percentOf(items)} %`
            : `${numSent} of ${items.length} uploaded`}
        </b>
        {!isBusy && (
          <Button small kind="ghost" onClick={clearFinishedUploads}>
            Clear
          </Button>
        )}
      </header>
      <ul>
        {items.map((item) => (
          <li key={item.key} data-state={item.state}>
            <div className="row">
              <span className="grow clip-text" title={item.name}>
                {item.name}
              </span>
              <span className="quiet num">{statusOf(item)}</span>
              {actionOf(item)}
            </div>
            {item.state === "sending" && (
              <Progress
                label={`Upload of ${item.name}`}
                fraction={item.received_bytes / Math.max(1, item.size_bytes)}
              />
            )}
            {item.problem !== null && <p className="bad-text">{item.problem}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The share of all bytes that the server has. */
function percentOf(items: readonly UploadItem[]): number {
  const whole = items.reduce((sum, item) => sum + item.size_bytes, 0);
  const received = items.reduce(
    (sum, item) => sum + (item.state === "sent" ? item.size_bytes : item.received_bytes),
    0,
  );
  return whole === 0 ? 0 : Math.floor((100 * received) / whole);
}

function statusOf(item: UploadItem): string {
  if (item.state === "sending")
    return `${bytesInWords(item.received_bytes)} of ${bytesInWords(item.size_bytes)}`;
  return item.state === "waiting" ? "waiting" : bytesInWords(item.size_bytes);
}

function actionOf(item: UploadItem) {
  switch (item.state) {
    case "sent":
      return <Check size={15} className="ok-text" aria-label="Uploaded" />;
    case "failed":
    case "stopped":
      return (
        <IconButton
          small
          label="Try again"
          icon={<RotateCw size={14} />}
          onClick={() => retryUpload(item.key)}
        />
      );
    default:
      return (
        <IconButton
          small
          label="Stop this upload"
          icon={<X size={14} />}
          onClick={() => stopUpload(item.key)}
        />
      );
  }
}
