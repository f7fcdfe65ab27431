import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { IconButton } from "./IconButton";
import { useToasts } from "./toasts";

export function Toaster() {
  const { toasts, dismiss } = useToasts();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          {toast.tone === "ok" ? <CircleCheck size={16} /> : <TriangleAlert size={16} />}
          <div className="grow">
            <div>{toast.title}</div>
            {toast.detail !== undefined && <div className="quiet">{toast.detail}</div>}
          </div>
          <IconButton small label="Dismiss" icon={<X size={14} />} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
