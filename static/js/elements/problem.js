// A refused form: what is wrong is read out and comes first.
document.getElementById("problem")?.focus();
