package io.tarn.s3.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.tarn.s3.wire.HeaderView;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A request's headers where Netty holds them. */
record NettyHeaders(HttpHeaders headers) implements HeaderView {
    @Override
    public Optional<String> first(final String name) {
        return Optional.ofNullable(headers.get(name));
    }

    @Override
    public List<String> all(final String name) {
        return headers.getAll(name);
    }

    @Override
    public void forEach(final BiConsumer<String, String> action) {
        Iterator<Map.Entry<String, String>> lines = headers.iteratorAsString();
        while (lines.hasNext()) {
            Map.Entry<String, String> line = lines.next();
            action.accept(line.getKey(), line.getValue());
        }
    }
}
