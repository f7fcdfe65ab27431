import { Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Me } from "@/api/types";
import { useKeyListener, useKeys } from "@/design/keys/use-keys";
import { DropAnywhere } from "@/features/catalog/DropAnywhere";
import { JobsButton } from "@/features/jobs/JobsButton";
import { JobsDrawer } from "@/features/jobs/JobsDrawer";
import { KeysHelp } from "./KeysHelp";
import { useLiveEvents } from "./live-events";
import { places } from "./places";
import { Rail } from "./Rail";
import "./shell.css";
import { useTheme } from "./theme";

export function Shell({ me }: { readonly me: Me }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [areJobsOpen, setJobsOpen] = useState(false);
  const navigate = useNavigate();
  const toggleTheme = useTheme((state) => state.toggle);
  useKeyListener();
  useLiveEvents();
  useKeys("Studio", [
    ...places.map((place) => ({
      keys: `g ${place.key}`,
      label: `Go to ${place.name}`,
      run: () => void navigate({ to: place.to }),
    })),
    { keys: "g j", label: "Show or hide jobs", run: () => setJobsOpen((open) => !open) },
    { keys: "Shift+d", label: "Change theme", run: toggleTheme },
    { keys: "?", label: "Show keys", run: () => setHelpOpen(true) },
  ]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Rail me={me} onHelp={() => setHelpOpen(true)} />
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <JobsButton isOpen={areJobsOpen} onToggle={() => setJobsOpen((open) => !open)} />
      {areJobsOpen && <JobsDrawer onClose={() => setJobsOpen(false)} />}
      <DropAnywhere />
      <KeysHelp open={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
