package io.tarn.server.admin;

import io.tarn.client.Administration;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.server.node.EmbeddedNode;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * An authenticated request.
 *
 * @param caller who asks
 * @param variables of the path
 * @param parameters of the query, the first of each name
 * @param content the body
 * @param json reads the body
 * @param node whom to ask
 */
record Call(
        Caller caller,
        Map<String, String> variables,
        Map<String, String> parameters,
        byte[] content,
        JsonMapper json,
        EmbeddedNode node) {
    Administration administration() {
        return node.client().administration();
    }

    String variable(final String name) {
        return variables.get(name);
    }

    Optional<String> parameter(final String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** The body as such a document. */
    <T> T body(final Class<T> type) {
        try {
            final T document = json.readValue(content, type);
            if (document == null) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "the body is empty");
            }
            return document;
        } catch (final JacksonException e) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the body does not fit: " + e.getOriginalMessage(), e);
        }
    }
}
