# Collector and edge in one image; the command chooses: `collector` (default), `edge`, each with --config FILE.
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN scripts/build-model && npm run --silent build:console && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
RUN apt-get update -q && apt-get install -y -q --no-install-recommends ffmpeg espeak-ng util-linux \
    postgresql-client \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/models models
COPY --from=build /app/dist dist
COPY --from=build /app/src src
RUN mkdir /app/data && chown node:node /app/data
USER node
VOLUME /app/data
EXPOSE 8080
ENTRYPOINT ["npm", "run", "--silent"]
CMD ["collector", "--", "--config", "/etc/haoguanjia/collector.yaml"]
