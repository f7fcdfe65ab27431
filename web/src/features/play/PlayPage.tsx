import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Gamepad2 } from "lucide-react";
import { useState } from "react";
import { enginesQuery } from "@/api/generation";
import { useOpenSession } from "@/api/play";
import { checkpointsQuery, promptsOf, worldModelsIn } from "@/api/training";
import { useMay } from "@/api/trust";
import { EmptyState } from "@/design/EmptyState";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { sayError } from "@/design/toasts";
import { type Beginning, type Choices, freshChoices, sessionFrom } from "./begin";
import { ChoicesBar } from "./ChoicesBar";
import { FootageDialog } from "./FootageDialog";
import { OpenSessions } from "./OpenSessions";
import "./play.css";
import { readPicture } from "./picture-file";
import { RoomCard } from "./RoomCard";
import { openingOf, rooms } from "./rooms";
import { usePictureDrop } from "./use-picture-drop";
import { WordsCard } from "./WordsCard";

/** The door: choose a world. */
export function PlayPage() {
  const navigate = useNavigate();
  const checkpoints = useInfiniteQuery(checkpointsQuery);
  const finished = worldModelsIn(checkpoints.data ?? []).filter(({ is_final }) => is_final);
  const engines = useQuery(enginesQuery);
  const [choices, setChoices] = useState<Choices>(freshChoices);
  const [footagePrompt, setFootagePrompt] = useState<string | null>(null);
  const chosen = finished.find(({ id }) => id === choices.checkpointId);
  const open = useOpenSession();
  const may = useMay();
  const isShut = open.isPending || !may("generation.create");
  const begin = (beginning: Beginning) =>
    open.mutate(sessionFrom(beginning, choices), {
      onSuccess: ({ id }) => void navigate({ to: "/play/$sessionId", params: { sessionId: id } }),
    });
  const beginWithPicture = (file: File, prompt: string) =>
    void readPicture(file).then((image) => begin({ kind: "picture", image, prompt }), sayError);
  const askForFootage = (prompt: string) => {
    open.reset();
    setFootagePrompt(prompt);
  };
  const isPictureOver = usePictureDrop((file) => isShut || beginWithPicture(file, ""));
  const lacksCheckpoint = checkpoints.isSuccess && finished.length === 0;
  return (
    <Page
      title="Play"
      about="Step into a world that a network imagines, frame by frame, while you steer it and speak to it."
    >
      <div className="stack wide">
        {open.isError && footagePrompt === null && <Problem error={open.error} />}
        {checkpoints.isError && <Problem error={checkpoints.error} />}
        <OpenSessions />
        {lacksCheckpoint ? (
          <EmptyState icon={<Gamepad2 size={42} strokeWidth={1.2} />} title="Nothing to play yet">
            A world needs a finished checkpoint.{" "}
            <Link className="link underlined" to="/runs">
              Start a run
            </Link>
            , or restart <code>muybridge serve</code>, which brings the one that comes with Muybridge.
          </EmptyState>
        ) : (
          <>
            <div className="doors">
              {rooms.map((room) => {
                const opening = openingOf(room, chosen, finished);
                const checkpointId = opening?.checkpointId ?? "";
                return (
                  <RoomCard
                    key={room.card ?? room.id}
                    room={room}
                    opening={opening}
                    isDisabled={isShut}
                    onPlay={() => begin({ kind: "room", room: room.id, seed: room.seed, checkpointId })}
                  />
                );
              })}
              <WordsCard
                isDisabled={isShut}
                sentences={promptsOf(chosen, finished)}
                onWords={(prompt) => begin({ kind: "words", prompt })}
                onPicture={beginWithPicture}
                onFootage={askForFootage}
              />
            </div>
            <ChoicesBar
              choices={choices}
              checkpoints={finished}
              engines={engines.data ?? []}
              onChange={(change) => setChoices((old) => ({ ...old, ...change }))}
            />
          </>
        )}
      </div>
      {isPictureOver && (
        <div className="picture-sheet">
          <h2>Drop it, and the world begins with it</h2>
        </div>
      )}
      <FootageDialog
        open={footagePrompt !== null}
        isBusy={open.isPending}
        error={open.error}
        onClose={() => setFootagePrompt(null)}
        onPick={(assetId, frame) => begin({ kind: "footage", assetId, frame, prompt: footagePrompt ?? "" })}
      />
    </Page>
  );
}
