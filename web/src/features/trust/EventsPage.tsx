import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ScrollText, X } from "lucide-react";
import { useRef } from "react";
import { eventsQuery } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { IconButton } from "@/design/IconButton";
import { useKeys } from "@/design/keys/use-keys";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Segmented } from "@/design/Segmented";
import { Skeleton } from "@/design/Skeleton";
import { EventTable } from "./EventTable";
import { eventKinds, kindOf } from "./event-kinds";
import "./trust.css";

export function EventsPage() {
  const { subject, name, actor } = useSearch({ from: "/shell/events" });
  const navigate = useNavigate();
  const subjectInput = useRef<HTMLInputElement>(null);
  const filter = {
    ...(subject === undefined ? {} : { subject_id: subject }),
    ...(name === undefined ? {} : { name }),
    ...(actor === undefined ? {} : { actor_id: actor }),
  };
  const events = useInfiniteQuery(eventsQuery(filter));
  const go = (change: {
    subject?: string | undefined;
    name?: string | undefined;
    actor?: string | undefined;
  }) => void navigate({ to: "/events", search: (old) => ({ ...old, ...change }), replace: true });
  useKeys("Events", [
    { keys: "/", label: "Filter by a thing's id", run: () => subjectInput.current?.focus() },
  ]);
  return (
    <Page
      title="Events"
      about="Everything that happened, and everyone who looked. Nothing here can be changed; each line seals the one before."
    >
      <div className="row wide wrap filter-row">
        <Segmented
          label="Kind of event"
          choices={eventKinds}
          value={kindOf(name)}
          onChange={(kind) => go({ name: kind === "" ? undefined : kind })}
        />
        <form
          className="row grow"
          onSubmit={(event) => {
            event.preventDefault();
            go({ subject: subjectInput.current?.value.trim() || undefined });
          }}
        >
          <input
            key={subject ?? ""}
            ref={subjectInput}
            className="input mono"
            style={{ maxWidth: 340 }}
            placeholder="About a thing: ast_…, run_…"
            aria-label="Id of the thing that events are about"
            defaultValue={subject}
          />
          {(subject !== undefined || actor !== undefined) && (
            <IconButton
              label="Show all"
              icon={<X size={15} />}
              onClick={() => go({ subject: undefined, actor: undefined })}
            />
          )}
        </form>
        {subject?.startsWith("ast_") === true && (
          <Link
            className="button"
            to="/assets/$assetId"
            params={{ assetId: subject }}
            search={{ tab: "seen" }}
          >
            Who saw this
          </Link>
        )}
      </div>
      {events.isError && <Problem error={events.error} />}
      {events.isPending && <Skeleton lines={10} height={30} />}
      {events.data?.length === 0 && (
        <EmptyState icon={<ScrollText size={42} strokeWidth={1.2} />} title="No such events">
          Nothing of this kind has happened. Choose “All”, or clear the filter.
        </EmptyState>
      )}
      {events.data !== undefined && events.data.length > 0 && (
        <EventTable
          events={events.data}
          onActor={(id) => go({ actor: id })}
          onSubject={(id) => go({ subject: id })}
        />
      )}
      {events.hasNextPage && (
        <div style={{ padding: "16px 0" }}>
          <Button disabled={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Older events
          </Button>
        </div>
      )}
    </Page>
  );
}
