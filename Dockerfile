# Collector and edge in one image; the command chooses: `src/collector/main.ts` (default), `src/edge/main.ts`, each with
# --config FILE; beside them `src/collector/backup-main.ts`, `restore-main.ts` and `scripts/mosquitto-files.ts`.
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN scripts/build-model && npm run --silent build:console && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
RUN apt-get update -q && apt-get install -y -q --no-install-recommends ffmpeg espeak-ng util-linux \
    postgresql-client fontconfig fonts-wqy-microhei \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The ONNX Runtime tells its maker nothing.
ENV ORT_DISABLE_TELEMETRY=1
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/models models
COPY --from=build /app/dist dist
COPY --from=build /app/src src
COPY --from=build /app/scripts/mosquitto-files.ts /app/scripts/verify-export.ts scripts/
# An id that no user of the host has; it owns its data and nothing else.
RUN mkdir /app/data && chown 10001:10001 /app/data
USER 10001:10001
VOLUME /app/data
EXPOSE 8080
# Node itself, not npm: the signal to stop has to reach it.
ENTRYPOINT ["node"]
CMD ["src/collector/main.ts", "--config", "/etc/haoguanjia/collector.yaml"]
