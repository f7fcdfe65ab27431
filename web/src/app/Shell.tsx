import { Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/trust";
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
import { TopBar } from "./TopBar";
import { useTheme } from "./theme";

export function Shell({ me }: { readonly me: Me }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [areJobsOpen, setJobsOpen] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const navigate = useNavigate();
  const may = useMay();
  const toggleTheme = useTheme((state) => state.toggle);
  const hasJobs = may("jobs.read");
  const toggleJobs = () => {
    setJobsOpen((open) => !open);
    setMenuOpen(false);
  };
  useKeyListener();
  useLiveEvents();
  useKeys("Studio", [
    ...places
      .filter((place) => may(place.needs))
      .map((place) => ({
        keys: `g ${place.key}`,
        label: `Go to ${place.name}`,
        run: () => void navigate({ to: place.to }),
      })),
    {
      keys: "g j",
      label: "Show or hide jobs",
      isEnabled: hasJobs,
      run: toggleJobs,
    },
    { keys: "Shift+d", label: "Change theme", run: toggleTheme },
    { keys: "?", label: "Show keys", run: () => setHelpOpen(true) },
    { keys: "Escape", label: "Close the places", isEnabled: isMenuOpen, run: () => setMenuOpen(false) },
  ]);
  return (
    <div className="shell" data-menu={isMenuOpen ? "open" : "closed"}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar isOpen={isMenuOpen} onToggle={() => setMenuOpen((open) => !open)} />
      <Rail me={me} onHelp={() => setHelpOpen(true)} onLeave={() => setMenuOpen(false)}>
        {hasJobs && <JobsButton isOpen={areJobsOpen} onToggle={toggleJobs} />}
      </Rail>
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      {hasJobs && areJobsOpen && <JobsDrawer onClose={() => setJobsOpen(false)} />}
      {may("catalog.write") && <DropAnywhere />}
      <KeysHelp open={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
