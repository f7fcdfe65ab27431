import { Film } from "lucide-react";
import { useEffect, useState } from "react";
import { say, sayError } from "@/design/toasts";
import { countInWords } from "@/design/words";
import { type Dropped, readDrop } from "./dropped-files";
import { UploadTray } from "./UploadTray";
import { addUploads, isUploading } from "./uploads";
import "./uploads.css";

export function takeDropped({ footage, numSkipped }: Dropped): void {
  addUploads(footage);
  if (numSkipped > 0)
    say("ok", `${countInWords(numSkipped, "file")} left out`, "They do not look like footage.");
}

/** Footage may be dropped on any page; this is the sheet that says so, and the tray that shows what is on its way. */
export function DropAnywhere() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const ended = new AbortController();
    const options = { signal: ended.signal };
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    window.addEventListener("dragenter", over, options);
    window.addEventListener("dragover", over, options);
    window.addEventListener("dragleave", (event) => event.relatedTarget === null && setOver(false), options);
    window.addEventListener(
      "drop",
      (event) => {
        setOver(false);
        if (!hasFiles(event) || event.dataTransfer === null) return;
        event.preventDefault();
        readDrop(event.dataTransfer.items).then(takeDropped, sayError);
      },
      options,
    );
    window.addEventListener("beforeunload", (event) => isUploading() && event.preventDefault(), options);
    return () => ended.abort();
  }, []);
  return (
    <>
      {isOver && (
        <div className="drop-sheet">
          <div>
            <Film size={40} strokeWidth={1.3} />
            <h2>Drop to add footage</h2>
            <p>Files or whole folders. Uploads resume if the line is cut.</p>
          </div>
        </div>
      )}
      <UploadTray />
    </>
  );
}
