import type { Event } from "@/api/types";
import { TableScroll } from "@/design/TableScroll";
import { When } from "@/design/When";
import { shortId } from "@/design/words";
import { factsInWords } from "./event-facts";

type Props = {
  readonly events: readonly Event[];
  readonly onActor: (id: string) => void;
  readonly onSubject: (id: string) => void;
};

export function EventTable({ events, onActor, onSubject }: Props) {
  return (
    <TableScroll label="Events" className="panel">
      <table className="table event-table">
        <thead>
          <tr>
            <th className="end">No.</th>
            <th>When</th>
            <th>Event</th>
            <th>Who</th>
            <th>Through</th>
            <th>About</th>
            <th>Facts</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td className="end quiet">{event.seq}</td>
              <td>
                <When at={event.created_at} />
              </td>
              <td>
                <code className="event-name">{event.name}</code>
              </td>
              <td>
                <button
                  type="button"
                  className="plain-button"
                  title="Only what they did"
                  onClick={() => onActor(event.actor_id)}
                >
                  {event.actor_name ?? shortId(event.actor_id)}
                </button>
              </td>
              <td className="quiet">{event.via.split(":")[0]}</td>
              <td>
                <button
                  type="button"
                  className="plain-button mono"
                  title="Only about this"
                  onClick={() => onSubject(event.subject_id)}
                >
                  {shortId(event.subject_id)}
                </button>
              </td>
              <td className="facts-cell mono quiet" title={JSON.stringify(event.facts)}>
                {factsInWords(event.facts)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
