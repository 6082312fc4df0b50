/**
 * The {@code tarn} command line. Talks to the admin API over HTTP and loads nothing of Spring, so that it answers at once; only {@code tarn server}
 * brings up the rest.
 */
package io.tarn.server.cli;
