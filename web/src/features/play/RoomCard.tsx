import { classNames } from "@/design/class-names";
import type { Opening, Room } from "./rooms";

type Props = {
  readonly room: Room;
  /** Null while it is not known which network answers. */
  readonly opening: Opening | null;
  readonly isDisabled: boolean;
  readonly onPlay: () => void;
};

const marks = {
  shown: null,
  new: { words: "new to it", title: "The recipe of the network that would answer shows no such scenes." },
  missing: {
    words: "not in it",
    title: "The network that would answer was shown another part of this room.",
  },
} as const satisfies Record<Opening["knows"], { words: string; title: string } | null>;

/** A way into a room: what it opens with, moving. */
export function RoomCard({ room, opening, isDisabled, onPlay }: Props) {
  const mark = opening && marks[opening.knows];
  return (
    <button
      type="button"
      className={classNames("room-card", room.isPlain && "plain")}
      data-room={room.card ?? room.id}
      disabled={isDisabled || opening?.knows === "missing"}
      onClick={onPlay}
    >
      <span className="room-picture" style={{ backgroundImage: `url(${opening?.strip ?? room.strip})` }} />
      <span className="room-words">
        <b>
          <span className="visually-hidden">Play </span>
          {room.name}
        </b>
        <span>{opening?.about}</span>
      </span>
      {mark && (
        <span className="room-mark" title={mark.title}>
          {mark.words}
        </span>
      )}
    </button>
  );
}
