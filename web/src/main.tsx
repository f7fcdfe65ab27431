import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "@/api/query-client";
import { router } from "@/app/router";
import { watchForSessionEnd } from "@/app/session-end";
import { Toaster } from "@/design/Toaster";
import "@/design/index.css";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root to stand on.");
watchForSessionEnd();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Tooltip.Provider delayDuration={450} skipDelayDuration={200}>
        <RouterProvider router={router} />
        <Toaster />
      </Tooltip.Provider>
    </QueryClientProvider>
  </StrictMode>,
);
