import { useMay } from "@/api/trust";
import { Page } from "@/design/Page";
import { KeysPanel } from "./KeysPanel";
import { LoginsPanel } from "./LoginsPanel";
import { MembersPanel } from "./MembersPanel";
import "./trust.css";

export function PeoplePage() {
  const may = useMay();
  return (
    <Page title="People & keys" about="Who may do what here, and the programs that act for them.">
      <div className="stack wide">
        <MembersPanel />
        {may("trust.manage") && <KeysPanel />}
        <LoginsPanel />
      </div>
    </Page>
  );
}
