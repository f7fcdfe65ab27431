import { classNames } from "@/design/class-names";
import type { Opening, Room } from "./rooms";

type Props = {
  readonly room: Room;
  /** Null while it is not known which network answers. */
  readonly opening: Opening | null;
  readonly isDisabled: boolean;
  readonly onPlay: () => void;
};

/** A way into a room: what it opens with, moving. */
export function RoomCard({ room, opening, isDisabled, onPlay }: Props) {
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
      {opening?.knows === "new" && (
        <span className="room-mark" title="The recipe of the network that would answer shows no such scenes.">
          new to it
        </span>
      )}
      {opening?.knows === "missing" && (
        <span
          className="room-mark"
          title="The network that would answer was shown another part of this room."
        >
          not in it
        </span>
      )}
    </button>
  );
}
