import { Page } from "@/design/Page";
import { KeysPanel } from "./KeysPanel";
import { MembersPanel } from "./MembersPanel";
import "./trust.css";

export function PeoplePage() {
  return (
    <Page title="People & keys" about="Who may do what here, and the programs that act for them.">
      <div className="stack wide">
        <MembersPanel />
        <KeysPanel />
      </div>
    </Page>
  );
}
