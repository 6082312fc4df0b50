/** Signature version 4 for the service {@code tarn}, as the admin API asks for and the command line gives. */
package io.tarn.server.sign;
