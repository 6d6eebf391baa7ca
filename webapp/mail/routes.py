from webapp.http import Feature

bp = Feature("mail")
