package io.tarn.core.session;

import io.tarn.client.ContentWriter;

/** Where a volume's new bytes go. */
@FunctionalInterface
interface Writers {
    ContentWriter open(long volume);
}
